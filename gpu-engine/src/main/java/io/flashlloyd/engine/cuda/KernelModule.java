package io.flashlloyd.engine.cuda;

import static io.flashlloyd.engine.cuda.CudaException.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;

/** The kernels, loaded onto one device from the fat binary in our resources. Owns the module. */
final class KernelModule implements AutoCloseable {
  static final String RESOURCE = "flashlloyd.fatbin";

  private final CUmodule module = new CUmodule();
  private final Map<KernelCatalog, CUfunction> functions = new EnumMap<>(KernelCatalog.class);
  private final DeviceContext context;

  KernelModule(DeviceContext context) {
    this.context = context;
    check(
        JCudaDriver.cuModuleLoadData(module, resource()),
        "cuModuleLoadData",
        RESOURCE + " on " + context.name());
  }

  private static byte[] resource() {
    try (InputStream stream = KernelModule.class.getResourceAsStream(RESOURCE)) {
      if (stream == null) {
        throw new IllegalStateException(
            "Resource "
                + RESOURCE
                + " is missing (expected in the gpu-engine jar: build with -Pcuda)");
      }
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Resource " + RESOURCE + " cannot be read", e);
    }
  }

  private CUfunction function(KernelCatalog kernel) {
    return functions.computeIfAbsent(
        kernel,
        k -> {
          CUfunction function = new CUfunction();
          check(
              JCudaDriver.cuModuleGetFunction(function, module, k.symbol()),
              "cuModuleGetFunction",
              k.symbol() + " on " + context.name());
          int[] fixed = new int[1];
          check(
              JCudaDriver.cuFuncGetAttribute(
                  fixed, CUfunction_attribute.CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES, function),
              "cuFuncGetAttribute",
              k.symbol());
          check(
              JCudaDriver.cuFuncSetAttribute(
                  function,
                  CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                  context.sharedMemory() - fixed[0]),
              "cuFuncSetAttribute",
              k.symbol());
          return function;
        });
  }

  /** Kernels launched so far. */
  Set<KernelCatalog> launched() {
    return functions.keySet();
  }

  /** Queues a launch. Not thread-safe: the engine's lock is held. */
  void launch(
      KernelCatalog kernel,
      int grid,
      int threads,
      int sharedBytes,
      DeviceStream stream,
      KernelArguments arguments) {
    int result =
        JCudaDriver.cuLaunchKernel(
            function(kernel),
            grid,
            1,
            1,
            threads,
            1,
            1,
            sharedBytes,
            stream.handle(),
            arguments.pointer(),
            null);
    if (result != CUresult.CUDA_SUCCESS) {
      check(
          result,
          "cuLaunchKernel",
          "%s<<<%d, %d, %d bytes>>> on %s"
              .formatted(kernel.symbol(), grid, threads, sharedBytes, context.name()));
    }
  }

  @Override
  public void close() {
    check(JCudaDriver.cuModuleUnload(module), "cuModuleUnload", context.name());
  }
}
