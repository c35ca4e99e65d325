/** How S3 looks on the wire: its errors, its XML, its way of encoding names. No state. */
@NullMarked
package io.sepiola.gateway.protocol;

import org.jspecify.annotations.NullMarked;
