/**
 * Who sent a request, and whether all of it is theirs: AWS Signature Version 4 in the header, in
 * the query, and over streamed chunks and trailers, and the digests of bodies. Follows Amazon's
 * "Authenticating Requests (AWS Signature Version 4)".
 */
@NullMarked
package io.sepiola.gateway.auth;

import org.jspecify.annotations.NullMarked;
