package io.flashlloyd.spark.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, which every JVM has. One thread. */
final class Digest {
  private final MessageDigest digest;

  Digest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing (expected in every JVM)", e);
    }
  }

  static String of(InputStream in) throws IOException {
    Digest digest = new Digest();
    byte[] buffer = new byte[1 << 16];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      digest.update(buffer, 0, count);
    }
    return digest.hex();
  }

  void update(byte[] bytes, int from, int count) {
    digest.update(bytes, from, count);
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
