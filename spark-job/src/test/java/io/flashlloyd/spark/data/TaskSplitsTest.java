package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TaskSplitsTest {
  private static final TaskSplits A = new TaskSplits(List.of(0, 1, 2), "executor_h_0");
  private static final TaskSplits B = new TaskSplits(List.of(3, 4, 5, 6), "executor_h_1");

  @Test
  void shouldLeaveGroupsAloneWhileAllLiveOrNobodyDoes() {
    List<TaskSplits> groups = List.of(A, B);

    assertThat(TaskSplits.amongLiving(groups, List.of("executor_h_1", "executor_h_0"), false))
        .isSameAs(groups);
    assertThat(TaskSplits.amongLiving(groups, List.of(), false)).isSameAs(groups);
  }

  @Test
  void shouldGiveADeadExecutorsSplitsToTheOneThatCameAndTheOneThatStayed() {
    List<TaskSplits> groups =
        TaskSplits.amongLiving(List.of(A, B), List.of("executor_h_0", "executor_h_2"), false);

    assertThat(groups)
        .containsExactlyInAnyOrder(
            new TaskSplits(List.of(0, 1, 2, 6), "executor_h_0"),
            new TaskSplits(List.of(3, 4, 5), "executor_h_2"));
  }

  @Test
  void shouldSpreadADeadExecutorsSplitsOverThoseThatStayed() {
    TaskSplits c = new TaskSplits(List.of(7, 8, 9), "executor_h_2");
    List<TaskSplits> groups =
        TaskSplits.amongLiving(List.of(A, B, c), List.of("executor_h_0", "executor_h_2"), false);

    assertThat(groups).hasSize(2).allMatch(group -> group.splits().size() == 5);
    assertThat(groups.stream().flatMap(group -> group.splits().stream()))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void shouldMoveWholeGroupsWhereTheirNumberIsFixed() {
    List<TaskSplits> groups = TaskSplits.amongLiving(List.of(A, B), List.of("executor_h_0"), true);

    assertThat(groups).containsExactly(A, new TaskSplits(B.splits(), "executor_h_0"));
  }
}
