/** What an OSD tells the manager: its placement groups' state and its own. */
@NullMarked
package io.sepiola.osd.report;

import org.jspecify.annotations.NullMarked;
