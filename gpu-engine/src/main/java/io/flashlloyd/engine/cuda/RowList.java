package io.flashlloyd.engine.cuda;

/**
 * Which of {@code n} rows a kernel is for, the struct RowList of screen.cuh: every one, or those
 * that an earlier kernel listed, which may have found that every one is meant after all.
 *
 * @param list on the device, or 0: every row
 * @param count on the device: how many are listed
 */
record RowList(int n, long list, long count) {
  static RowList every(int n) {
    return new RowList(n, 0, 0);
  }

  boolean listed() {
    return list != 0;
  }

  void addTo(KernelArguments arguments) {
    arguments.aligned().int32(n).address(list).address(count);
  }
}
