package io.sepiola.protocol.map;

import io.sepiola.base.Codec;
import io.sepiola.base.Primitives;

/**
 * In which pool and namespace an object lies, and by what it is placed (object_locator_t).
 *
 * <p>ObjectLocator := S(6/3){pool:s64 s32 -1 key:string namespace:string hash:s64}.
 *
 * @param key is hashed in place of the name, unless empty
 * @param hash the placement hash itself, or -1
 */
public record ObjectLocator(long pool, String key, String namespace, long hash) {
    /** As in the class comment. */
    public static final Codec<ObjectLocator> CODEC =
            Primitives.of(
                    (out, locator) ->
                            // What has a hash must not be read by those who would ignore it.
                            out.struct(
                                    6,
                                    locator.hash != -1 ? 6 : 3,
                                    body ->
                                            body.u64(locator.pool)
                                                    .u32(-1)
                                                    .string(locator.key)
                                                    .string(locator.namespace)
                                                    .u64(locator.hash)),
                    in ->
                            in.struct(
                                    6,
                                    (v, body) -> {
                                        long pool = body.u64();
                                        body.u32(); // was the preferred OSD
                                        String key = body.string();
                                        String namespace = v >= 5 ? body.string() : "";
                                        return new ObjectLocator(
                                                pool, key, namespace, v >= 6 ? body.u64() : -1);
                                    }));

    /** The pool's default namespace, placed by name. */
    public static ObjectLocator of(long pool) {
        return new ObjectLocator(pool, "", "", -1);
    }

    /** A namespace of the pool, placed by name. */
    public static ObjectLocator of(long pool, String namespace) {
        return new ObjectLocator(pool, "", namespace, -1);
    }
}
