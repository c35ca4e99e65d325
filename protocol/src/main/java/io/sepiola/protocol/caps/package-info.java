/**
 * What an entity may do (MonCap, MgrCap, OSDCap, MDSAuthCaps): one text for each kind of daemon,
 * the same grammars as Ceph 16 reads, down to where it says that it stopped.
 *
 * <p>{@link io.sepiola.protocol.caps.CapsText#check} is what monitors ask before they keep a text.
 * Each kind has a class that reads a text and answers questions about it. What depends on who holds
 * the caps, his name and his address, is settled once by {@code heldBy}. Everything is immutable.
 */
@NullMarked
package io.sepiola.protocol.caps;

import org.jspecify.annotations.NullMarked;
