package io.flashlloyd.engine.cuda;

/**
 * How decide_and_sum cuts its rows.
 *
 * @param tileRows rows that a CTA holds in shared memory; fewer where they do not fit
 * @param itemRows rows of a work item, for which a CTA adds its sums to the totals once
 */
record TileChoice(int tileRows, int itemRows) {
  @Override
  public String toString() {
    return "tiles of %d rows, items of %d".formatted(tileRows, itemRows);
  }
}
