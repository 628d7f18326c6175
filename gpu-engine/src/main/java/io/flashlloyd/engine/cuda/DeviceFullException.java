package io.flashlloyd.engine.cuda;

/** A card whose memory other processes hold, so that not even a context fits. */
public final class DeviceFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeviceFullException(String message) {
    super(message);
  }
}
