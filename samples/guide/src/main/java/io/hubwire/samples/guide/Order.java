package io.hubwire.samples.guide;

/** Some of an article. */
public record Order(String article, int quantity) {}
