package io.flashlloyd.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class UnitGroupTest {
  private static final UnitGroup A = new UnitGroup(List.of(0, 1, 2), "executor_h_0");
  private static final UnitGroup B = new UnitGroup(List.of(3, 4, 5, 6), "executor_h_1");

  @Test
  void shouldLeaveGroupsAloneWhileAllLiveOrNobodyDoes() {
    List<UnitGroup> groups = List.of(A, B);

    assertThat(UnitGroup.amongLiving(groups, List.of("executor_h_1", "executor_h_0"), false))
        .isSameAs(groups);
    assertThat(UnitGroup.amongLiving(groups, List.of(), false)).isSameAs(groups);
  }

  @Test
  void shouldGiveADeadExecutorsUnitsToTheOneThatCameAndTheOneThatStayed() {
    List<UnitGroup> groups =
        UnitGroup.amongLiving(List.of(A, B), List.of("executor_h_0", "executor_h_2"), false);

    assertThat(groups)
        .containsExactlyInAnyOrder(
            new UnitGroup(List.of(0, 1, 2, 6), "executor_h_0"),
            new UnitGroup(List.of(3, 4, 5), "executor_h_2"));
  }

  @Test
  void shouldSpreadADeadExecutorsUnitsOverThoseThatStayed() {
    UnitGroup c = new UnitGroup(List.of(7, 8, 9), "executor_h_2");
    List<UnitGroup> groups =
        UnitGroup.amongLiving(List.of(A, B, c), List.of("executor_h_0", "executor_h_2"), false);

    assertThat(groups).hasSize(2).allMatch(group -> group.units().size() == 5);
    assertThat(groups.stream().flatMap(group -> group.units().stream()))
        .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void shouldMoveWholeGroupsWhereTheirNumberIsFixed() {
    List<UnitGroup> groups = UnitGroup.amongLiving(List.of(A, B), List.of("executor_h_0"), true);

    assertThat(groups).containsExactly(A, new UnitGroup(B.units(), "executor_h_0"));
  }
}
