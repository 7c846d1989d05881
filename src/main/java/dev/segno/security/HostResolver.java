package dev.segno.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks for the addresses of a name. Called on a thread that may block, by many at a time. */
@FunctionalInterface
public interface HostResolver {

    /** As this machine resolves names. */
    HostResolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    /**
     * All addresses of a name, or of an address that is written out.
     *
     * @throws UnknownHostException when it has none
     */
    List<InetAddress> addressesOf(String host) throws UnknownHostException;
}
