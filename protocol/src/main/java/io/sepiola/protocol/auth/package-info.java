/**
 * What cephx says. Read {@link io.sepiola.protocol.auth.CryptoKey} first: both types of keys
 * ({@link io.sepiola.protocol.auth.KeyType}), and what they seal ({@link
 * io.sepiola.protocol.auth.KeyUse}).
 */
@NullMarked
package io.sepiola.protocol.auth;

import org.jspecify.annotations.NullMarked;
