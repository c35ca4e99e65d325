/**
 * Ceph's types as Ceph shows them: {@link io.sepiola.protocol.dump.JsonDump} writes JSON as Ceph's
 * formatter does, one class per family of types fills it with Ceph's keys in Ceph's order, and
 * {@link io.sepiola.protocol.dump.DumpedTypes} lists all types by the names that ceph-dencoder has
 * for them. The keys are those of 16.2.15, its slips included.
 */
@NullMarked
package io.sepiola.protocol.dump;

import org.jspecify.annotations.NullMarked;
