package io.flashlloyd.io.source;

import java.util.Collection;
import java.util.Set;
import java.util.regex.Pattern;

/** Which names in a folder are no data: those that Spark's and Hadoop's readers pass over, too. */
final class SkipRule {
  private static final Set<String> NOTES =
      Set.of("dataset_info.json", "dataset_dict.json", "state.json");

  private static final Pattern RESULT = Pattern.compile("cache-[0-9a-f]+.*\\.arrow");

  private SkipRule() {}

  /**
   * The same for a name beside others. In Hugging Face's cache, what a data set was turned into
   * lies beside it.
   */
  static String of(String name, Collection<String> folder) {
    return folder.contains("dataset_info.json") && RESULT.matcher(name).matches()
        ? "Hugging Face's cache of what the data were turned into"
        : of(name);
  }

  /** Why a name is passed over, or null where it is not. */
  static String of(String name) {
    if (name.startsWith(".")) {
      return "name starts with .";
    }
    if (name.startsWith("_") && !name.contains("=")) { // _lang=en is a partition
      return "name starts with _";
    }
    if (NOTES.contains(name) || name.endsWith(".lock")) {
      return "Hugging Face's notes beside the data";
    }
    return name.endsWith("._COPYING_") ? "name ends in ._COPYING_, still being copied" : null;
  }
}
