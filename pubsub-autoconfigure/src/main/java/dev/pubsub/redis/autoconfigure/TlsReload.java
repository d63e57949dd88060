package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.internal.redis.StreamConnections;
import io.lettuce.core.SslOptions;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * Lets the next connections use the certificates of a bundle that was reloaded. Spring
 * Boot itself reads them once, for the connection factory.
 */
final class TlsReload {

	private TlsReload() {
	}

	/**
	 * Follow a bundle.
	 * @param connections whose connections use it
	 * @param bundles knows when it is reloaded
	 * @param name name of the bundle
	 */
	static void follow(StreamConnections connections, SslBundles bundles, String name) {
		bundles.addBundleUpdateHandler(name, (bundle) -> connections.useTls(options(bundle)));
	}

	private static SslOptions options(SslBundle bundle) {
		SslOptions.Builder options = SslOptions.builder()
			.keyManager(bundle.getManagers().getKeyManagerFactory())
			.trustManager(bundle.getManagers().getTrustManagerFactory());
		String[] ciphers = bundle.getOptions().getCiphers();
		if (ciphers != null) {
			options.cipherSuites(ciphers);
		}
		String[] protocols = bundle.getOptions().getEnabledProtocols();
		if (protocols != null) {
			options.protocols(protocols);
		}
		return options.build();
	}

}
