package io.flashlloyd.spark.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The splits of one task.
 *
 * @param executor where they were read ({@code executor_HOST_ID}, as Spark's scheduler wants it),
 *     or null
 */
record TaskSplits(List<Integer> splits, String executor) implements Serializable {
  /** At most {@code count} groups of neighbouring splits, of nearly the same number each. */
  static List<TaskSplits> deal(int splits, int count) {
    int groups = Math.max(1, Math.min(splits, count));
    List<TaskSplits> list = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      int from = (int) ((long) splits * g / groups);
      int to = (int) ((long) splits * (g + 1) / groups);
      list.add(new TaskSplits(IntStream.range(from, to).boxed().toList(), null));
    }
    return list;
  }

  /** One group for each executor, of all splits that it has read. */
  static List<TaskSplits> byExecutor(List<TaskSplits> read) {
    Map<String, List<Integer>> splits = new LinkedHashMap<>();
    for (TaskSplits group : read) {
      splits.computeIfAbsent(group.executor(), e -> new ArrayList<>()).addAll(group.splits());
    }
    List<TaskSplits> groups = new ArrayList<>();
    splits.forEach((executor, all) -> groups.add(new TaskSplits(List.copyOf(all), executor)));
    return groups;
  }

  /**
   * The groups as living executors can take them: what dead ones had goes, split by split or, where
   * groups must stay whole, group by group, to those that have least. Unchanged where nobody died,
   * or nobody lives.
   *
   * @param living task locations
   * @param whole whether the number of groups must stay
   */
  static List<TaskSplits> amongLiving(List<TaskSplits> groups, List<String> living, boolean whole) {
    boolean allLive = groups.stream().allMatch(group -> living.contains(group.executor()));
    if (allLive || living.isEmpty()) {
      return groups;
    }
    Map<String, Integer> load = new LinkedHashMap<>();
    living.forEach(executor -> load.put(executor, 0));
    for (TaskSplits group : groups) {
      load.computeIfPresent(group.executor(), (executor, splits) -> splits + group.splits().size());
    }
    List<TaskSplits> moved = new ArrayList<>();
    for (TaskSplits group : groups) {
      if (living.contains(group.executor())) {
        moved.add(group);
      } else if (whole) {
        moved.add(new TaskSplits(group.splits(), takeLeastLoaded(load, group.splits().size())));
      } else {
        for (int split : group.splits()) {
          moved.add(new TaskSplits(List.of(split), takeLeastLoaded(load, 1)));
        }
      }
    }
    return whole ? moved : byExecutor(moved);
  }

  private static String takeLeastLoaded(Map<String, Integer> load, int splits) {
    String least = Collections.min(load.entrySet(), Map.Entry.comparingByValue()).getKey();
    load.merge(least, splits, Integer::sum);
    return least;
  }
}
