/** What the pages of the samples, and the tests of these pages, have in common. */
@NullMarked
package io.hubwire.samples.page;

import org.jspecify.annotations.NullMarked;
