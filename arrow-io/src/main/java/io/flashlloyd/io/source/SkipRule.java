package io.flashlloyd.io.source;

/** Which names in a folder are no data: those that Spark's and Hadoop's readers pass over, too. */
final class SkipRule {
  private SkipRule() {}

  /** Why a name is passed over, or null where it is not. */
  static String of(String name) {
    if (name.startsWith(".")) {
      return "name starts with .";
    }
    if (name.startsWith("_") && !name.contains("=")) { // _lang=en is a partition
      return "name starts with _";
    }
    return name.endsWith("._COPYING_") ? "name ends in ._COPYING_, still being copied" : null;
  }
}
