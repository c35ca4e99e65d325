/** How answers are written: JSON, tables, sizes and times in Ceph's shapes. */
@NullMarked
package io.sepiola.monitor.text;

import org.jspecify.annotations.NullMarked;
