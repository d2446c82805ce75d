/** The server that foreign clients judge, and how they tell it to start, stop and say what it saw. */
@NullMarked
package io.hubwire.conformance.judge;

import org.jspecify.annotations.NullMarked;
