/**
 * Every message, one record each, named as Ceph names them, and their table {@link
 * io.sepiola.protocol.message.Messages}.
 *
 * <p>A record's comment gives the layout of its front. {@code PaxosPrefix} begins the messages to
 * the monitors' map services. Lists, maps and bytes that are handed to a record belong to it:
 * nobody changes them afterwards.
 */
@NullMarked
package io.sepiola.protocol.message;

import org.jspecify.annotations.NullMarked;
