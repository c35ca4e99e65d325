/**
 * What a client's vector of operations does to one object: reads, a draft of the changes, limits,
 * errno results, listings, and what caps it needs.
 */
@NullMarked
package io.sepiola.osd.op;

import org.jspecify.annotations.NullMarked;
