package io.flashlloyd.spark.plan;

/**
 * What it is to run on: executors that are alike.
 *
 * @param executors how many
 * @param gpus of each executor; 0 where its CPU does the arithmetic
 * @param deviceBytes memory of one GPU that is free
 * @param hostBytes memory of an executor for decoded chunks
 * @param pcie bytes a second from pinned host memory to one GPU
 * @param disk bytes a second that an executor reads from its disks in sequence
 * @param network bytes a second between two machines
 */
public record Machines(
    int executors,
    int gpus,
    double deviceBytes,
    double hostBytes,
    double pcie,
    double disk,
    double network) {
  /** Engines that work at a time. */
  int engines() {
    return executors * Math.max(1, gpus);
  }
}
