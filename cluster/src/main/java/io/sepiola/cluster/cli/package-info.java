/**
 * Ceph's command line tools as verbs, for machines without Ceph's packages: {@link
 * io.sepiola.cluster.cli.CephVerb} and {@link io.sepiola.cluster.cli.RadosVerb}. What they read,
 * print and exit with is what the genuine tools do. {@link io.sepiola.cluster.cli.CommandPage} is
 * the page of what {@code ceph} can be told.
 */
@NullMarked
package io.sepiola.cluster.cli;

import org.jspecify.annotations.NullMarked;
