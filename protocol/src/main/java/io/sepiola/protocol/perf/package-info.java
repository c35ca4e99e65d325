/** What daemons count, and how it is shown. Entry class: {@code PerfCounters}. */
@NullMarked
package io.sepiola.protocol.perf;

import org.jspecify.annotations.NullMarked;
