/**
 * Comparing the copies of a placement group's objects. {@link io.sepiola.osd.scrub.Scrub} is the
 * course of one comparison, event in, effects out; {@link io.sepiola.osd.scrub.ScrubScan} looks
 * through one member's copies; {@link io.sepiola.osd.scrub.ScrubComparison} tells which of an
 * object's copies is right, and what is wrong with the others; {@link
 * io.sepiola.osd.scrub.ScrubFindings} keeps that for those who ask; {@link
 * io.sepiola.osd.scrub.ScrubSchedule} says when the next is due. {@code osd.pg} binds them to a
 * group.
 */
@NullMarked
package io.sepiola.osd.scrub;

import org.jspecify.annotations.NullMarked;
