/** What the hubs of both kinds answer with. */
@NullMarked
package io.hubwire.conformance.answer;

import org.jspecify.annotations.NullMarked;
