package io.flashlloyd.engine.cuda;

import io.flashlloyd.engine.ElementType;
import java.util.Locale;

/**
 * Every entry point of the kernel module; its name in the module is the constant's in lower case.
 * The list of symbols that comes with the module must hold them all, and a test compares the two.
 */
enum KernelCatalog {
  PREPARE_CENTROIDS,
  PAD_ROWS,
  SCREEN_COPY_FLOAT32,
  SCREEN_COPY_UINT8,
  SCREEN_COPY_INT8,
  ROW_NORMS_FLOAT16,
  SCREEN_PORTABLE_BEST,
  SCREEN_PORTABLE_COLLECT,
  SCREEN_SM90_BEST_2,
  SCREEN_SM90_BEST_4,
  SCREEN_SM90_BEST_6,
  SCREEN_SM90_BEST_8,
  SCREEN_SM90_COLLECT_2,
  SCREEN_SM90_COLLECT_4,
  SCREEN_SM90_COLLECT_6,
  SCREEN_SM90_COLLECT_8,
  SCREEN_WIDE_SM90,
  IMAGE_ROWS,
  MERGE_HALVES,
  COUNT_GROUPS,
  SCAN_GROUPS,
  PLACE_ROWS,
  LIST_ITEMS,
  DECIDE_AND_SUM_FLOAT32,
  DECIDE_AND_SUM_FLOAT16,
  DECIDE_AND_SUM_UINT8,
  DECIDE_AND_SUM_INT8,
  DECIDE_AND_SUM_GENERAL_FLOAT32,
  DECIDE_AND_SUM_GENERAL_FLOAT16,
  DECIDE_AND_SUM_GENERAL_UINT8,
  DECIDE_AND_SUM_GENERAL_INT8,
  SCORE_CANDIDATES_FLOAT32,
  SCORE_CANDIDATES_FLOAT16,
  SCORE_CANDIDATES_UINT8,
  SCORE_CANDIDATES_INT8,
  PICK_CANDIDATES,
  TRY_ALL_CENTROIDS_FLOAT32,
  TRY_ALL_CENTROIDS_FLOAT16,
  TRY_ALL_CENTROIDS_UINT8,
  TRY_ALL_CENTROIDS_INT8,
  SETTLE_ROWS_FLOAT32,
  SETTLE_ROWS_FLOAT16,
  SETTLE_ROWS_UINT8,
  SETTLE_ROWS_INT8,
  MOVE_ROWS_FLOAT32,
  MOVE_ROWS_FLOAT16,
  MOVE_ROWS_UINT8,
  MOVE_ROWS_INT8,
  LIST_ALL_ROWS,
  CARRY_COST;

  /** The entry point's name in the module. */
  String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether only a Hopper module (sm_90a) has it. */
  boolean hopperOnly() {
    return name().startsWith("SCREEN_") && name().contains("SM90");
  }

  /** The instance of a kernel family for rows of this type. */
  static KernelCatalog of(String family, ElementType type) {
    return valueOf(family + "_" + type);
  }

  /** The Hopper screen for this many k-steps of 16 columns: 2, 4, 6 or 8. */
  static KernelCatalog hopperScreen(boolean collect, int kSteps) {
    return valueOf("SCREEN_SM90_" + (collect ? "COLLECT_" : "BEST_") + kSteps);
  }
}
