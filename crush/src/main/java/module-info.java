/** See package io.sepiola.crush. */
module io.sepiola.crush {
    requires static transitive org.jspecify;
    requires transitive io.sepiola.base;

    exports io.sepiola.crush;
}
