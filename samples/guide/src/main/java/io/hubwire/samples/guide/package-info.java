/** What {@code docs/guide} shows: each of its Java snippets stands here between two marks. */
@NullMarked
package io.hubwire.samples.guide;

import org.jspecify.annotations.NullMarked;
