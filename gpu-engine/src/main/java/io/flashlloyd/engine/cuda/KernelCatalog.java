package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import java.util.Locale;

/**
 * Every entry point of the kernel module; its name in the module is the constant's in lower case.
 * The list of symbols that comes with the module must hold them all, and a test compares the two.
 */
enum KernelCatalog {
  PREPARE_CENTROIDS,
  PREPARE_CENTROIDS_MANY,
  PAD_ROWS,
  SCREEN_COPY_FLOAT32,
  SCREEN_COPY_UINT8,
  SCREEN_COPY_INT8,
  ROW_NORMS_FLOAT16,
  ROW_NORMS_UINT8,
  ROW_NORMS_INT8,
  SCREEN_PORTABLE_BEST,
  SCREEN_PORTABLE_COLLECT,
  SCREEN_PORTABLE_MANY,
  SCREEN_SM90_BEST_2,
  SCREEN_SM90_BEST_4,
  SCREEN_SM90_BEST_6,
  SCREEN_SM90_BEST_7,
  SCREEN_SM90_BEST_8,
  SCREEN_SM90_BEST_12,
  SCREEN_SM90_BEST_16,
  SCREEN_SM90_COLLECT_2,
  SCREEN_SM90_COLLECT_4,
  SCREEN_SM90_COLLECT_6,
  SCREEN_SM90_COLLECT_7,
  SCREEN_SM90_COLLECT_8,
  SCREEN_SM90_COLLECT_12,
  SCREEN_SM90_COLLECT_16,
  SCREEN_SM90_MANY_2,
  SCREEN_SM90_MANY_4,
  SCREEN_SM90_MANY_6,
  SCREEN_SM90_MANY_7,
  SCREEN_SM90_MANY_8,
  SCREEN_SM90_MANY_12,
  SCREEN_SM90_MANY_16,
  SCREEN_WIDE_SM90,
  IMAGE_ROWS,
  MERGE_HALVES,
  COUNT_GROUPS,
  SCAN_GROUPS,
  PLACE_ROWS,
  PLACE_ROWS_MANY,
  LIST_ITEMS,
  DECIDE_AND_SUM_FLOAT32,
  DECIDE_AND_SUM_FLOAT16,
  DECIDE_AND_SUM_UINT8,
  DECIDE_AND_SUM_INT8,
  DECIDE_AND_SUM_GENERAL_FLOAT32,
  DECIDE_AND_SUM_GENERAL_FLOAT16,
  DECIDE_AND_SUM_GENERAL_UINT8,
  DECIDE_AND_SUM_GENERAL_INT8,
  DECIDE_AND_SUM_MANY_FLOAT32,
  DECIDE_AND_SUM_MANY_FLOAT16,
  DECIDE_AND_SUM_MANY_UINT8,
  DECIDE_AND_SUM_MANY_INT8,
  DECIDE_AND_SUM_MANY_GENERAL_FLOAT32,
  DECIDE_AND_SUM_MANY_GENERAL_FLOAT16,
  DECIDE_AND_SUM_MANY_GENERAL_UINT8,
  DECIDE_AND_SUM_MANY_GENERAL_INT8,
  SCORE_CANDIDATES_FLOAT32,
  SCORE_CANDIDATES_FLOAT16,
  SCORE_CANDIDATES_UINT8,
  SCORE_CANDIDATES_INT8,
  SCORE_CANDIDATES_MANY_FLOAT32,
  SCORE_CANDIDATES_MANY_FLOAT16,
  SCORE_CANDIDATES_MANY_UINT8,
  SCORE_CANDIDATES_MANY_INT8,
  PICK_CANDIDATES,
  TRY_ALL_CENTROIDS_FLOAT32,
  TRY_ALL_CENTROIDS_FLOAT16,
  TRY_ALL_CENTROIDS_UINT8,
  TRY_ALL_CENTROIDS_INT8,
  TRY_ALL_CENTROIDS_MANY_FLOAT32,
  TRY_ALL_CENTROIDS_MANY_FLOAT16,
  TRY_ALL_CENTROIDS_MANY_UINT8,
  TRY_ALL_CENTROIDS_MANY_INT8,
  SETTLE_ROWS_FLOAT32,
  SETTLE_ROWS_FLOAT16,
  SETTLE_ROWS_UINT8,
  SETTLE_ROWS_INT8,
  SETTLE_ROWS_MANY_FLOAT32,
  SETTLE_ROWS_MANY_FLOAT16,
  SETTLE_ROWS_MANY_UINT8,
  SETTLE_ROWS_MANY_INT8,
  MOVE_ROWS_FLOAT32,
  MOVE_ROWS_FLOAT16,
  MOVE_ROWS_UINT8,
  MOVE_ROWS_INT8,
  MOVE_ROWS_MANY_FLOAT32,
  MOVE_ROWS_MANY_FLOAT16,
  MOVE_ROWS_MANY_UINT8,
  MOVE_ROWS_MANY_INT8,
  LIST_ALL_ROWS,
  CARRY_COST,
  COLLECT_TOTALS;

  /** The entry point's name in the module. */
  String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it takes many problems in one launch (problems.cuh). */
  boolean ofManyProblems() {
    return name().contains("_MANY") || this == COLLECT_TOTALS;
  }

  /** Whether only a Hopper module (sm_90a) has it. */
  boolean hopperOnly() {
    return name().startsWith("SCREEN_") && name().contains("SM90");
  }

  /** The instance of a kernel family for rows of this type. */
  static KernelCatalog of(String family, ElementType type) {
    return valueOf(family + "_" + type);
  }

  /**
   * The Hopper screen for {@link HopperShape}'s number of k-steps.
   *
   * @param what it finds: {@code BEST}, {@code COLLECT}, or of many problems {@code MANY}
   */
  static KernelCatalog hopperScreen(String what, int kSteps) {
    return valueOf("SCREEN_SM90_" + what + "_" + kSteps);
  }
}
