/**
 * Objects, placement groups, their logs, operations and transactions, and the statistics about
 * them.
 *
 * <p>Each record is one of Ceph's types, named in its comment with its layout: S(v/c) is a
 * versioned struct. Lists, maps and bytes that are handed to a record belong to it: nobody changes
 * them afterwards. Keys of maps are in the order of their bytes.
 */
@NullMarked
package io.sepiola.protocol.osd;

import org.jspecify.annotations.NullMarked;
