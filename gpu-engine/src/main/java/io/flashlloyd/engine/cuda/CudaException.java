package io.flashlloyd.engine.cuda;

import jcuda.driver.CUresult;

/** A call of the CUDA driver that failed: which, how, on what, and what was asked of it. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final String resultName;

  CudaException(String call, String resultName, String detail) {
    super(call + " failed with " + resultName + ": " + detail);
    this.call = call;
    this.resultName = resultName;
  }

  /** The driver's function, such as {@code cuMemAlloc}. */
  public String call() {
    return call;
  }

  /** The driver's name of the result, such as {@code CUDA_ERROR_OUT_OF_MEMORY}. */
  public String resultName() {
    return resultName;
  }

  /** Whether the device had too little memory. */
  boolean outOfMemory() {
    return resultName.equals("CUDA_ERROR_OUT_OF_MEMORY");
  }

  /** Throws unless {@code result} is success. The only place where results become exceptions. */
  static void check(int result, String call, String detail) {
    if (result != CUresult.CUDA_SUCCESS) {
      throw new CudaException(call, CUresult.stringFor(result), detail);
    }
  }
}
