package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The units of one task.
 *
 * @param executor where they were read ({@code executor_HOST_ID}, as Spark's scheduler wants it),
 *     or null
 */
record UnitGroup(List<Integer> units, String executor) implements Serializable {
  /** At most {@code count} groups of neighbouring units, of nearly the same number each. */
  static List<UnitGroup> split(int units, int count) {
    int groups = Math.max(1, Math.min(units, count));
    List<UnitGroup> list = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      int from = (int) ((long) units * g / groups);
      int to = (int) ((long) units * (g + 1) / groups);
      list.add(new UnitGroup(IntStream.range(from, to).boxed().toList(), null));
    }
    return list;
  }

  /** One group for each executor, of all units that it has read. */
  static List<UnitGroup> byExecutor(List<UnitGroup> read) {
    Map<String, List<Integer>> units = new LinkedHashMap<>();
    for (UnitGroup group : read) {
      units.computeIfAbsent(group.executor(), e -> new ArrayList<>()).addAll(group.units());
    }
    List<UnitGroup> groups = new ArrayList<>();
    units.forEach((executor, all) -> groups.add(new UnitGroup(List.copyOf(all), executor)));
    return groups;
  }
}
