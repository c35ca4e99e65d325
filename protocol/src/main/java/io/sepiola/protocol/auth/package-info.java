/** What cephx says. */
@NullMarked
package io.sepiola.protocol.auth;

import org.jspecify.annotations.NullMarked;
