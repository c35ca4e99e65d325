/** Map files through genuine tools and through ours, and what maps cost. */
@NullMarked
package io.sepiola.lab.maps;

import org.jspecify.annotations.NullMarked;
