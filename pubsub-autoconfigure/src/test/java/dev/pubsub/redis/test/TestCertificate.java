package dev.pubsub.redis.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/**
 * A certificate for this machine that it has signed itself.
 *
 * @param certificate the certificate as PEM
 * @param key its key as PEM
 */
public record TestCertificate(String certificate, String key) {

	private static final String PASSWORD = "changeit";

	/**
	 * Create a certificate with the tool that comes with Java.
	 * @param directory where to put a file, which nobody else needs
	 * @param name name of the file and of the subject
	 * @return the certificate
	 */
	public static TestCertificate create(Path directory, String name) {
		Path store = directory.resolve(name + ".p12");
		try {
			Process tool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
					"-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-ext",
					"SAN=ip:127.0.0.1,dns:localhost", "-validity", "7", "-storetype", "PKCS12", "-keystore",
					store.toString(), "-storepass", PASSWORD)
				.redirectErrorStream(true)
				.start();
			String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			if (tool.waitFor() != 0) {
				throw new IllegalStateException(output);
			}
			KeyStore keys = KeyStore.getInstance("PKCS12");
			try (InputStream in = Files.newInputStream(store)) {
				keys.load(in, PASSWORD.toCharArray());
			}
			return new TestCertificate(pem("CERTIFICATE", keys.getCertificate(name).getEncoded()),
					pem("PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String pem(String type, byte[] content) {
		return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content)
				+ "\n-----END " + type + "-----\n";
	}

}
