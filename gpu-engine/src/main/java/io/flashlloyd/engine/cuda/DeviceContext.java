package io.flashlloyd.engine.cuda;

import static io.flashlloyd.engine.cuda.CudaException.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/**
 * One GPU and our context on it. Owns the context; all buffers, streams and modules made under it
 * must be closed first. Any thread may use it after {@link #makeCurrent}.
 */
final class DeviceContext implements AutoCloseable {
  /** The module holds code of CUDA 13, which older drivers refuse. */
  private static final int OLDEST_DRIVER_API = 13_000;

  private final CUcontext context = new CUcontext();
  private final CUdevice device = new CUdevice();
  private final String name;
  private final int multiprocessors;
  private final int capability;
  private final int sharedMemory;

  private DeviceContext(int ordinal) {
    check(JCudaDriver.cuDeviceGet(device, ordinal), "cuDeviceGet", "device " + ordinal);
    byte[] bytes = new byte[256];
    check(JCudaDriver.cuDeviceGetName(bytes, bytes.length, device), "cuDeviceGetName", "");
    String padded = new String(bytes, StandardCharsets.UTF_8);
    this.name = padded.substring(0, padded.indexOf('\0')) + " (device " + ordinal + ")";
    this.multiprocessors = attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
    this.capability =
        10 * attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
            + attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
    this.sharedMemory =
        attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN);
    int result = JCudaDriver.cuCtxCreate(context, 0, device);
    if (result == CUresult.CUDA_ERROR_OUT_OF_MEMORY) {
      throw full();
    }
    check(result, "cuCtxCreate", name);
  }

  /** Without a context the driver tells how much memory there is, not how much of it is free. */
  private DeviceFullException full() {
    long[] bytes = new long[1];
    check(JCudaDriver.cuDeviceTotalMem(bytes, device), "cuDeviceTotalMem", name);
    return new DeviceFullException(
        String.format(
            Locale.ROOT,
            "%s has no room for a context: other processes hold its %.1f GiB (expected 1 GiB free,"
                + " nvidia-smi shows who has it)",
            name,
            bytes[0] / (double) (1 << 30)));
  }

  /** Opens device {@code ordinal}; the new context is current on the calling thread. */
  static DeviceContext open(int ordinal) {
    String reason = unavailable(ordinal);
    if (reason != null) {
      throw new IllegalStateException(reason);
    }
    return new DeviceContext(ordinal);
  }

  /** Why device {@code ordinal} cannot be used, in one line; null if it can. */
  static String unavailable(int ordinal) {
    if (Driver.OBSTACLE != null) {
      return Driver.OBSTACLE;
    }
    int[] value = new int[1];
    check(JCudaDriver.cuDriverGetVersion(value), "cuDriverGetVersion", "");
    if (value[0] < OLDEST_DRIVER_API) {
      return "the CUDA driver supports CUDA %d.%d (expected 13.0: install driver 580 or newer)"
          .formatted(value[0] / 1000, value[0] % 1000 / 10);
    }
    check(JCudaDriver.cuDeviceGetCount(value), "cuDeviceGetCount", "");
    if (ordinal >= value[0]) {
      return "there is no CUDA device %d (expected one below %d, as many as there are)"
          .formatted(ordinal, value[0]);
    }
    return null;
  }

  /** Devices that the driver shows; it must have started. */
  static int count() {
    int[] value = new int[1];
    check(JCudaDriver.cuDeviceGetCount(value), "cuDeviceGetCount", "");
    return value[0];
  }

  /** The driver is started once: where JCuda's classes failed to load, they never load again. */
  private static final class Driver {
    static final String OBSTACLE = start();

    private static String start() {
      try {
        JcudaLibrary.load();
        int result = JCudaDriver.cuInit(0);
        return result == CUresult.CUDA_SUCCESS
            ? null
            : "the CUDA driver does not start: " + CUresult.stringFor(result);
      } catch (UnsatisfiedLinkError e) {
        return unlinked(e.getMessage());
      } catch (IOException e) {
        return ("JCuda's library cannot be unpacked (%s): make room there, or name another folder"
                + " with -Djava.io.tmpdir")
            .formatted(e);
      }
    }
  }

  /** What JCuda's report on a library that did not load comes to: pages, with stack traces. */
  static String unlinked(String report) {
    if (report.contains("libcuda.so.1: cannot open shared object file")) {
      return "there is no CUDA driver (libcuda.so.1)";
    }
    // One line for each attempt; the last one is with the library that JCuda brings.
    String last =
        report
            .lines()
            .filter(line -> line.matches("[\\w.]+(Error|Exception): .*"))
            .reduce(report.lines().findFirst().orElse(""), (before, line) -> line);
    String hint =
        last.contains("failed to map segment")
            ? "; java.io.tmpdir may be mounted noexec: name another folder with -Djava.io.tmpdir"
            : "";
    return "JCuda does not load (" + last.replaceFirst("^[\\w.]+: ", "") + hint + ")";
  }

  private int attribute(int attribute) {
    int[] value = new int[1];
    check(
        JCudaDriver.cuDeviceGetAttribute(value, attribute, device),
        "cuDeviceGetAttribute",
        CUdevice_attribute.stringFor(attribute));
    return value[0];
  }

  /** Must be called on each thread before it calls the driver. */
  void makeCurrent() {
    check(JCudaDriver.cuCtxSetCurrent(context), "cuCtxSetCurrent", name);
  }

  String name() {
    return name;
  }

  int multiprocessors() {
    return multiprocessors;
  }

  /** 90 for compute capability 9.0. */
  int capability() {
    return capability;
  }

  /** Bytes of shared memory that one CTA may ask for. */
  int sharedMemory() {
    return sharedMemory;
  }

  /** Free device memory in bytes. */
  long freeMemory() {
    long[] free = new long[1];
    long[] total = new long[1];
    check(JCudaDriver.cuMemGetInfo(free, total), "cuMemGetInfo", name);
    return free[0];
  }

  @Override
  public void close() {
    check(JCudaDriver.cuCtxDestroy(context), "cuCtxDestroy", name);
  }
}
