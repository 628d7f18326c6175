package io.flashlloyd.io.synthetic;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.SourceType;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * What a {@code synthetic:} URI asks for, such as {@code
 * synthetic:rows=1e9,dim=128,clusters=1000,dtype=f16,seed=1}.
 *
 * @param rows how many, at least 1
 * @param dimension of each
 * @param clusters blobs that the rows scatter about
 * @param type of the coordinates
 * @param seed of centres and rows
 */
record SyntheticSpec(long rows, int dimension, int clusters, SourceType type, long seed) {
  static final String SCHEME = "synthetic:";

  private static final String EXPECTED =
      "(expected synthetic:rows=N,dim=D and, where wanted, clusters=1000, dtype=f32|f16|u8|i8,"
          + " seed=1)";

  /**
   * Reads a URI.
   *
   * @throws VectorInputException where it says something else than a number of rows and so on
   */
  static SyntheticSpec parse(String uri) throws VectorInputException {
    Map<String, String> given = new HashMap<>();
    for (String part : uri.substring(SCHEME.length()).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0 || given.put(part.substring(0, equals), part.substring(equals + 1)) != null) {
        throw bad(uri, "'%s' is no setting, or a second one".formatted(part));
      }
    }
    SyntheticSpec spec =
        new SyntheticSpec(
            number(uri, given, "rows", null, Long.MAX_VALUE >> 16),
            (int) number(uri, given, "dim", null, 1 << 20),
            (int) number(uri, given, "clusters", "1000", 1 << 24),
            type(uri, given.remove("dtype")),
            seed(uri, given.remove("seed")));
    if (!given.isEmpty()) {
      throw bad(uri, "'%s' is unknown".formatted(given.keySet().iterator().next()));
    }
    return spec;
  }

  /** A whole number from 1, written in any way that names one: 1e9 too. */
  private static long number(
      String uri, Map<String, String> given, String name, String otherwise, long most)
      throws VectorInputException {
    String text = given.containsKey(name) ? given.remove(name) : otherwise;
    if (text == null) {
      throw bad(uri, name + " is missing");
    }
    try {
      long value = new BigDecimal(text).longValueExact();
      if (value >= 1 && value <= most) {
        return value;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw bad(uri, "%s is '%s', which is no whole number".formatted(name, text));
    }
    throw bad(uri, "%s is %s, which is not from 1 to %d".formatted(name, text, most));
  }

  private static long seed(String uri, String text) throws VectorInputException {
    try {
      return text == null ? 1 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw bad(uri, "seed is '%s', which is no whole number".formatted(text));
    }
  }

  private static SourceType type(String uri, String text) throws VectorInputException {
    return switch (text == null ? "f32" : text) {
      case "f32" -> SourceType.FLOAT32;
      case "f16" -> SourceType.FLOAT16;
      case "u8" -> SourceType.UINT8;
      case "i8" -> SourceType.INT8;
      default -> throw bad(uri, "dtype '%s' is unknown".formatted(text));
    };
  }

  private static VectorInputException bad(String uri, String problem) {
    return new VectorInputException("%s: %s %s".formatted(uri, problem, EXPECTED));
  }
}
