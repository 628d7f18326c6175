package io.flashlloyd.io.source;

import java.util.Optional;

/**
 * A column of a file's schema, and what it can be used for.
 *
 * @param name as users give it; a struct's field is {@code struct.field}
 * @param nested whether it is a struct's field
 * @param type in the format's own words
 * @param vectors how to read it as vectors, if it holds some
 * @param ids how to read it as ids, if it holds some
 */
public record FileColumn<V, I>(
    String name, boolean nested, String type, Optional<V> vectors, Optional<I> ids) {
  @Override
  public String toString() {
    return name + ": " + type;
  }
}
