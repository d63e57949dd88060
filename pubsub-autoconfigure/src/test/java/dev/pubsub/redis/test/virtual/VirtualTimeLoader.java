package dev.pubsub.redis.test.virtual;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.Handle;
import org.springframework.asm.Label;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;

/**
 * Loads the classes of this project once more, with {@link TimeRedirects} in the place of
 * whatever waits: code that blocks runs in virtual time as it is, without a seam for it.
 */
public final class VirtualTimeLoader extends ClassLoader {

	private static final String BASE = "dev.pubsub.redis.";

	private static final String MACHINERY = VirtualTimeLoader.class.getPackageName() + ".";

	private static final String TARGET = Type.getInternalName(TimeRedirects.class);

	private static final Map<String, String> OWNERS = Map.of("nanoTime", "java/lang/System", "onSpinWait",
			"java/lang/Thread", "interrupt", "java/lang/Thread");

	private static final List<String> ENGINE = List.of("dev/pubsub/redis/internal/delivery/",
			"dev/pubsub/redis/internal/ownership/");

	/**
	 * Where another thread may go first: before each call that the engine makes of
	 * methods of these.
	 */
	private static final List<String> POINTS = List.of("dev/pubsub/redis/internal/delivery/",
			"dev/pubsub/redis/internal/ownership/", "dev/pubsub/redis/internal/concurrent/");

	private final Map<String, Method> redirects = Arrays.stream(TimeRedirects.class.getMethods())
		.filter((method) -> method.getDeclaringClass() == TimeRedirects.class)
		.collect(Collectors.toMap((method) -> method.getName() + Type.getMethodDescriptor(method), (method) -> method));

	private final Map<String, String> changes;

	private final Set<String> changed = new HashSet<>();

	public VirtualTimeLoader(ClassLoader parent) {
		this(parent, Map.of());
	}

	/**
	 * Create a loader that breaks methods, to see whether a test finds out.
	 * @param changes by class and name of a method, such as {@code a.b.Loop#wake}:
	 * {@code true}, {@code false} or {@code none} to return that at once,
	 * {@code sometimes} to return at once now and then, or {@code error} to run out of
	 * memory now and then
	 */
	public VirtualTimeLoader(ClassLoader parent, Map<String, String> changes) {
		super(parent);
		this.changes = changes;
	}

	/**
	 * Return what was broken so far: classes are loaded when they are needed.
	 */
	public Set<String> changed() {
		return this.changed;
	}

	@Override
	protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
		if (!name.startsWith(BASE)) {
			return super.loadClass(name, resolve);
		}
		synchronized (getClassLoadingLock(name)) {
			Class<?> loaded = findLoadedClass(name);
			return (loaded != null) ? loaded : define(name);
		}
	}

	private Class<?> define(String name) throws ClassNotFoundException {
		try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
			if (in == null) {
				throw new ClassNotFoundException(name);
			}
			byte[] code = in.readAllBytes();
			byte[] changed = name.startsWith(MACHINERY) ? code : redirect(code);
			return defineClass(name, changed, 0, changed.length);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private byte[] redirect(byte[] code) {
		ClassWriter writer = new ClassWriter(0);
		new ClassReader(code).accept(new Redirector(writer), 0);
		return writer.toByteArray();
	}

	private boolean isRedirected(int opcode, String owner, String name, String descriptor) {
		return owner.equals(OWNERS.getOrDefault(name, owner)) && owner.startsWith("java/")
				&& this.redirects.containsKey(name + descriptor(opcode, owner, descriptor));
	}

	private static String descriptor(int opcode, String owner, String descriptor) {
		return (opcode == Opcodes.INVOKESTATIC) ? descriptor : "(L" + owner + ";" + descriptor.substring(1);
	}

	private final class Redirector extends ClassVisitor {

		private boolean points;

		private String type = "";

		Redirector(ClassVisitor next) {
			super(Opcodes.ASM9, next);
		}

		@Override
		public void visit(int version, int access, String name, String signature, String superName,
				String[] interfaces) {
			this.points = ENGINE.stream().anyMatch(name::startsWith) && !name.contains("Simulat")
					&& !name.contains("Fake");
			this.type = name.replace('/', '.');
			super.visit(version, access, name, signature, superName, interfaces);
		}

		@Override
		public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
				String[] exceptions) {
			boolean constructor = name.startsWith("<");
			boolean locked = (access & Opcodes.ACC_SYNCHRONIZED) != 0;
			String change = VirtualTimeLoader.this.changes.get(this.type + "#" + name);
			MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
			if (change != null) {
				VirtualTimeLoader.this.changed.add(this.type + "#" + name);
				method = new Broken(method, change);
			}
			return new Calls(method, this.points && !constructor && !locked);
		}

	}

	/**
	 * A method that returns before its first line.
	 */
	private static final class Broken extends MethodVisitor {

		private final String change;

		Broken(MethodVisitor next, String change) {
			super(Opcodes.ASM9, next);
			this.change = change;
		}

		@Override
		public void visitCode() {
			super.visitCode();
			switch (this.change) {
				case "true", "false" -> skipUnless("never",
						this.change.equals("true") ? Opcodes.ICONST_1 : Opcodes.ICONST_0, Opcodes.IRETURN);
				case "error" -> super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, "breakOff", "()V", false);
				case "none" -> skipUnless("never", Opcodes.NOP, Opcodes.RETURN);
				default -> skipUnless("mostly", Opcodes.NOP, Opcodes.RETURN);
			}
		}

		private void skipUnless(String condition, int value, int end) {
			Label body = new Label();
			super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, condition, "()Z", false);
			super.visitJumpInsn(Opcodes.IFNE, body);
			super.visitInsn(value);
			super.visitInsn(end);
			super.visitLabel(body);
			super.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
			super.visitInsn(Opcodes.NOP);
		}

		@Override
		public void visitMaxs(int maxStack, int maxLocals) {
			super.visitMaxs(Math.max(1, maxStack), maxLocals);
		}

	}

	private final class Calls extends MethodVisitor {

		private final boolean points;

		Calls(MethodVisitor next, boolean points) {
			super(Opcodes.ASM9, next);
			this.points = points;
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			if (isRedirected(opcode, owner, name, descriptor)) {
				super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, name, descriptor(opcode, owner, descriptor), false);
				return;
			}
			if (this.points && POINTS.stream().anyMatch(owner::startsWith)) {
				super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, "point", "()V", false);
			}
			super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
		}

		@Override
		public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
			Object[] changed = Arrays.stream(arguments)
				.map((argument) -> (argument instanceof Handle handle) ? redirect(handle) : argument)
				.toArray();
			super.visitInvokeDynamicInsn(name, descriptor, bootstrap, changed);
		}

		private Handle redirect(Handle handle) {
			boolean redirected = handle.getTag() == Opcodes.H_INVOKESTATIC
					&& isRedirected(Opcodes.INVOKESTATIC, handle.getOwner(), handle.getName(), handle.getDesc());
			return redirected ? new Handle(Opcodes.H_INVOKESTATIC, TARGET, handle.getName(), handle.getDesc(), false)
					: handle;
		}

	}

}
