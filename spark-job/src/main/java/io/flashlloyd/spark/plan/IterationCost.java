package io.flashlloyd.spark.plan;

import io.flashlloyd.engine.Engines;
import io.flashlloyd.spark.fit.LloydDriver;

/**
 * What an iteration moves and takes. Bytes are of one executor, where everything is spread evenly.
 *
 * @param deviceRows rows that stay in the GPUs' memory
 * @param hostRows rows that stay in host memory and cross the bus in every iteration
 * @param diskRows rows that are read from disk in every iteration
 * @param hbmBytes read from device memory
 * @param pcieBytes over the bus to the GPUs
 * @param diskBytes from disk
 * @param networkBytes centroids in and sums out, of the driver, which all executors share
 * @param computeSeconds of the engines
 * @param pcieSeconds of the bus
 * @param diskSeconds of the disks
 * @param networkSeconds of broadcast, reduction and scheduling, when nothing else happens
 */
public record IterationCost(
    double deviceRows,
    double hostRows,
    double diskRows,
    double hbmBytes,
    double pcieBytes,
    double diskBytes,
    double networkBytes,
    double computeSeconds,
    double pcieSeconds,
    double diskSeconds,
    double networkSeconds) {
  /** Scheduling two stages of tasks, and what Spark does around them. */
  private static final double SCHEDULING = 0.03;

  /** Bytes a second that the driver puts into messages and takes out of them. */
  private static final double SERIALIZING = 0.6e9;

  /** Bytes that a GPU keeps of each of its rows beside those that stay there. */
  private static final double ASSIGNMENT = 4;

  /** For this shape on these machines. */
  public static IterationCost of(Shape shape, Machines machines, EngineRate rate) {
    double rows = (double) shape.rows() / machines.executors();
    double rowBytes = shape.rowBytes();
    double memory = machines.gpus() * machines.deviceBytes();
    double tier = Math.min(memory * Engines.gpuTierShare(), memory - rows * ASSIGNMENT);
    double onDevice = Math.min(rows, Math.max(0, tier) / rate.residentRowBytes(shape));
    // The host keeps what it read first, the device's rows too.
    double inHost = Math.min(rows, machines.hostBytes() / rowBytes);
    double onDisk = rows - inHost;
    boolean gpus = machines.gpus() > 0;
    double overBus = gpus ? (rows - onDevice) * rowBytes : 0;
    double hbm = gpus ? rows * (rowBytes + 4) + 2 * (shape.centroidBytes() + shape.sumBytes()) : 0;
    long share = Math.max(1, shape.rows() / machines.engines());
    double up = sumsUp(shape, machines);
    double network = machines.executors() * 2 * shape.centroidBytes() + up;
    double perLink = 2 * shape.centroidBytes() + up + sumsAcross(shape, machines);
    return new IterationCost(
        onDevice * machines.executors(),
        Math.max(0, inHost - onDevice) * machines.executors(),
        onDisk * machines.executors(),
        hbm,
        overBus,
        onDisk * rowBytes,
        network,
        rate.seconds(shape.withRows(share)),
        overBus / Math.max(1, machines.gpus()) / machines.pcie(),
        onDisk * rowBytes / machines.disk(),
        SCHEDULING + perLink / machines.network() + perLink / SERIALIZING);
  }

  /** What comes to the driver: few sums as they are, of many their means. */
  private static double sumsUp(Shape shape, Machines machines) {
    return inSlices(shape) ? shape.centroidBytes() : machines.executors() * shape.sumBytes();
  }

  /** What an executor sends to the others, where sums meet there: all but its own share. */
  private static double sumsAcross(Shape shape, Machines machines) {
    return inSlices(shape) ? shape.sumBytes() * (1 - 1.0 / machines.executors()) : 0;
  }

  private static boolean inSlices(Shape shape) {
    return shape.sumBytes() > LloydDriver.MOST_WHOLE_SUMS;
  }

  /** The three work side by side; the network's part comes before and after. */
  public double seconds() {
    return Math.max(computeSeconds, Math.max(pcieSeconds, diskSeconds)) + networkSeconds;
  }

  /** What the iteration waits for most. */
  public String bound() {
    double most =
        Math.max(Math.max(computeSeconds, pcieSeconds), Math.max(diskSeconds, networkSeconds));
    if (most == computeSeconds) {
      return "arithmetic";
    }
    return most == pcieSeconds ? "PCIe" : most == diskSeconds ? "disk" : "network and scheduling";
  }
}
