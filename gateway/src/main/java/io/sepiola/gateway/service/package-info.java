/**
 * S3's operations: {@link io.sepiola.gateway.service.S3Service} finds out who asks for what, and
 * hands over to the operations on buckets, objects and uploads.
 */
@NullMarked
package io.sepiola.gateway.service;

import org.jspecify.annotations.NullMarked;
