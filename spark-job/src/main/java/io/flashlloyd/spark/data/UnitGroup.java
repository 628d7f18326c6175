package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
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

  /**
   * The groups as living executors can take them: what dead ones had goes, unit by unit or, where
   * groups must stay whole, group by group, to those that have least. Unchanged where nobody died,
   * or nobody lives.
   *
   * @param living task locations
   * @param whole whether the number of groups must stay
   */
  static List<UnitGroup> amongLiving(List<UnitGroup> groups, List<String> living, boolean whole) {
    boolean allLive = groups.stream().allMatch(group -> living.contains(group.executor()));
    if (allLive || living.isEmpty()) {
      return groups;
    }
    Map<String, Integer> load = new LinkedHashMap<>();
    living.forEach(executor -> load.put(executor, 0));
    for (UnitGroup group : groups) {
      load.computeIfPresent(group.executor(), (executor, units) -> units + group.units().size());
    }
    List<UnitGroup> moved = new ArrayList<>();
    for (UnitGroup group : groups) {
      if (living.contains(group.executor())) {
        moved.add(group);
      } else if (whole) {
        moved.add(new UnitGroup(group.units(), takeLeastLoaded(load, group.units().size())));
      } else {
        for (int unit : group.units()) {
          moved.add(new UnitGroup(List.of(unit), takeLeastLoaded(load, 1)));
        }
      }
    }
    return whole ? moved : byExecutor(moved);
  }

  private static String takeLeastLoaded(Map<String, Integer> load, int units) {
    String least = Collections.min(load.entrySet(), Map.Entry.comparingByValue()).getKey();
    load.merge(least, units, Integer::sum);
    return least;
  }
}
