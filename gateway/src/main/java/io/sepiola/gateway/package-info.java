/**
 * S3 over a RADOS client. {@link io.sepiola.gateway.Gateway} is the daemon's entry, {@link
 * io.sepiola.gateway.RadosgwAdmin} the verb that administrates its users.
 *
 * <p>A request passes {@code http} (bytes to requests, one virtual thread for each connection),
 * {@code auth} (whose it is, and whether its body is theirs), {@code service} (what it asks for)
 * and {@code storage} (what that means in RADOS; the formats are described there). {@code protocol}
 * has what S3's wire looks like.
 *
 * <p>Several gateways may serve one cluster: all state is in RADOS, and what they remember of users
 * and buckets lives for seconds.
 */
@NullMarked
package io.sepiola.gateway;

import org.jspecify.annotations.NullMarked;
