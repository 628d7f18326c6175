package io.flashlloyd.spark.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.xbean.asm9.ClassReader;
import org.apache.xbean.asm9.ClassVisitor;
import org.apache.xbean.asm9.FieldVisitor;
import org.apache.xbean.asm9.Handle;
import org.apache.xbean.asm9.MethodVisitor;
import org.apache.xbean.asm9.Opcodes;
import org.apache.xbean.asm9.Type;

/** What the bytecode of our classes names of others: what the JVM will look for in their jars. */
final class LibraryUse {
  /** A method or a field, as the compiler found it. The owner is a class's binary name. */
  record Member(String owner, String name, String descriptor) implements Comparable<Member> {
    boolean isField() {
      return !descriptor.startsWith("(");
    }

    @Override
    public String toString() {
      return owner + "." + name + " " + descriptor;
    }

    @Override
    public int compareTo(Member other) {
      return toString().compareTo(other.toString());
    }
  }

  private static final String OURS = "io/flashlloyd/";

  private final Set<String> own = new TreeSet<>();
  private final Set<String> classes = new TreeSet<>();
  private final Set<Member> members = new TreeSet<>();

  private LibraryUse() {}

  /** Reads all of our classes in the folders and jars that these come from. */
  static LibraryUse in(Class<?>... modules) throws IOException {
    LibraryUse use = new LibraryUse();
    for (Path place : Stream.of(modules).map(LibraryUse::place).distinct().toList()) {
      if (Files.isDirectory(place)) {
        use.readAll(place);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
          use.readAll(jar.getPath("/"));
        }
      }
    }
    return use;
  }

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void readAll(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve(OURS))) {
      files.filter(file -> file.toString().endsWith(".class")).forEach(this::read);
    }
  }

  private void read(Path file) {
    try {
      ClassReader reader = new ClassReader(Files.readAllBytes(file));
      own.add(reader.getClassName().replace('/', '.'));
      reader.accept(new Names(), ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Our own classes, by binary name. */
  Set<String> own() {
    return own;
  }

  /** Classes of libraries that are named anywhere; the JDK's are not among them. */
  Set<String> classes() {
    return classes;
  }

  /** Methods and fields of libraries. */
  Set<Member> members() {
    return members;
  }

  private static boolean isLibrary(String internalName) {
    return !internalName.startsWith(OURS) && !internalName.matches("(java|javax|jdk|sun)/.*");
  }

  private void addClass(Type type) {
    switch (type.getSort()) {
      case Type.ARRAY -> addClass(type.getElementType());
      case Type.METHOD -> {
        addClass(type.getReturnType());
        List.of(type.getArgumentTypes()).forEach(this::addClass);
      }
      case Type.OBJECT -> {
        if (isLibrary(type.getInternalName())) {
          classes.add(type.getClassName());
        }
      }
      default -> {} // a primitive
    }
  }

  private void addMember(String owner, String name, String descriptor) {
    addClass(Type.getObjectType(owner));
    addClass(Type.getType(descriptor));
    if (!owner.startsWith("[") && isLibrary(owner)) {
      members.add(new Member(owner.replace('/', '.'), name, descriptor));
    }
  }

  private void addConstant(Object constant) {
    if (constant instanceof Type type) {
      addClass(type);
    } else if (constant instanceof Handle handle) {
      addMember(handle.getOwner(), handle.getName(), handle.getDesc());
    }
  }

  private final class Names extends ClassVisitor {
    Names() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visit(
        int version,
        int access,
        String name,
        String signature,
        String parent,
        String[] interfaces) {
      addClass(Type.getObjectType(parent));
      Stream.of(interfaces).map(Type::getObjectType).forEach(LibraryUse.this::addClass);
    }

    @Override
    public FieldVisitor visitField(
        int access, String name, String descriptor, String signature, Object value) {
      addClass(Type.getType(descriptor));
      return null;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      addClass(Type.getType(descriptor));
      return new Instructions();
    }
  }

  private final class Instructions extends MethodVisitor {
    Instructions() {
      super(Opcodes.ASM9);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      addClass(Type.getObjectType(type));
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      addMember(owner, name, descriptor);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      addMember(owner, name, descriptor);
    }

    @Override
    public void visitLdcInsn(Object value) {
      addConstant(value);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      addClass(Type.getType(descriptor));
      Stream.of(arguments).forEach(LibraryUse.this::addConstant);
    }
  }
}
