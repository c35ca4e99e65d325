/** Clock, timers, random, shard, bytes, invariants: what every other module stands on. */
module io.sepiola.base {
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.sepiola.base;
}
