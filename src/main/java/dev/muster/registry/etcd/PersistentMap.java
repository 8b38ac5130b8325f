package dev.muster.registry.etcd;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map that never changes: {@link #with} and {@link #without} give another one that shares all but a path with it,
 * so that one change among 50,000 entries costs a dozen small objects and every older map stays what it was. A treap whose
 * priorities come from the keys' hashes, which keeps it balanced whatever the order of insertion.
 */
@SuppressWarnings("JdkObsolete") // NavigableMap has twice the methods, and readers need none of them
final class PersistentMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V> implements SortedMap<K, V> {

    private record Node<K, V>(
            K key,
            V value,
            int priority,
            @Nullable Node<K, V> left,
            @Nullable Node<K, V> right) {

        Node<K, V> withLeft(@Nullable Node<K, V> newLeft) {
            return new Node<>(key, value, priority, newLeft, right);
        }

        Node<K, V> withRight(@Nullable Node<K, V> newRight) {
            return new Node<>(key, value, priority, left, newRight);
        }
    }

    private static final int UNCOUNTED = -1;

    private final @Nullable Node<K, V> root;
    private final @Nullable K from;
    private final @Nullable K to;
    private final int size;

    private PersistentMap(@Nullable Node<K, V> root, @Nullable K from, @Nullable K to, int size) {
        this.root = root;
        this.from = from;
        this.to = to;
        this.size = size;
    }

    static <K extends Comparable<? super K>, V> PersistentMap<K, V> empty() {
        return new PersistentMap<>(null, null, null, 0);
    }

    /** This map with the key's value set; this very map when it has that very value already. */
    PersistentMap<K, V> with(K key, V value) {
        requireWhole();
        @Nullable V before = get(key);
        if (before != null && before.equals(value)) {
            return this;
        }
        return new PersistentMap<>(
                insert(root, key, value, priority(key)), null, null, before == null ? size + 1 : size);
    }

    /** This map without the key; this very map when it is not there. */
    PersistentMap<K, V> without(K key) {
        requireWhole();
        return containsKey(key) ? new PersistentMap<>(remove(root, key), null, null, size - 1) : this;
    }

    /** Whether it is the very same map, unchanged; cheaper than comparing what is in it. */
    @SuppressWarnings("ReferenceEquality")
    boolean isSameAs(PersistentMap<K, V> other) {
        return root == other.root;
    }

    @Override
    public @Nullable V get(Object key) {
        @SuppressWarnings("unchecked")
        K wanted = (K) key;
        if (outside(wanted)) {
            return null;
        }
        Node<K, V> node = root;
        while (node != null) {
            int order = wanted.compareTo(node.key());
            if (order == 0) {
                return node.value();
            }
            node = order < 0 ? node.left() : node.right();
        }
        return null;
    }

    @Override
    public boolean containsKey(Object key) {
        return get(key) != null;
    }

    @Override
    public @Nullable Comparator<? super K> comparator() {
        return null;
    }

    @Override
    public SortedMap<K, V> subMap(K fromKey, K toKey) {
        return new PersistentMap<>(root, later(fromKey, from), earlier(toKey, to), UNCOUNTED);
    }

    @Override
    public SortedMap<K, V> headMap(K toKey) {
        return new PersistentMap<>(root, from, earlier(toKey, to), UNCOUNTED);
    }

    @Override
    public SortedMap<K, V> tailMap(K fromKey) {
        return new PersistentMap<>(root, later(fromKey, from), to, UNCOUNTED);
    }

    @Override
    public K firstKey() {
        return new Entries().next().getKey();
    }

    @Override
    public K lastKey() {
        @Nullable K last = null;
        Node<K, V> node = root;
        while (node != null) {
            boolean within = to == null || node.key().compareTo(to) < 0;
            if (within) {
                last = node.key();
            }
            node = within ? node.right() : node.left();
        }
        if (last == null || outside(last)) {
            throw new NoSuchElementException();
        }
        return last;
    }

    @Override
    public int size() {
        if (size != UNCOUNTED) {
            return size;
        }
        int count = 0;
        for (Iterator<Entry<K, V>> all = new Entries(); all.hasNext(); all.next()) {
            count++;
        }
        return count;
    }

    @Override
    public boolean isEmpty() {
        return !new Entries().hasNext();
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return PersistentMap.this.size();
            }
        };
    }

    private final class Entries implements Iterator<Entry<K, V>> {
        private final Deque<Node<K, V>> path = new ArrayDeque<>();

        Entries() {
            Node<K, V> node = root;
            while (node != null) {
                if (from != null && node.key().compareTo(from) < 0) {
                    node = node.right();
                } else {
                    path.push(node);
                    node = node.left();
                }
            }
        }

        @Override
        public boolean hasNext() {
            Node<K, V> next = path.peek();
            return next != null && (to == null || next.key().compareTo(to) < 0);
        }

        @Override
        public Entry<K, V> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Node<K, V> node = path.pop();
            for (Node<K, V> below = node.right(); below != null; below = below.left()) {
                path.push(below);
            }
            return new SimpleImmutableEntry<>(node.key(), node.value());
        }
    }

    private void requireWhole() {
        if (from != null || to != null) {
            throw new UnsupportedOperationException("a part of a map cannot be changed");
        }
    }

    private boolean outside(K key) {
        return (from != null && key.compareTo(from) < 0) || (to != null && key.compareTo(to) >= 0);
    }

    private static <K extends Comparable<? super K>> K later(K key, @Nullable K bound) {
        return bound == null || key.compareTo(bound) > 0 ? key : bound;
    }

    private static <K extends Comparable<? super K>> K earlier(K key, @Nullable K bound) {
        return bound == null || key.compareTo(bound) < 0 ? key : bound;
    }

    /** Java's string hashes of similar names are neighbours; a treap needs them spread (the finalizer of MurmurHash3). */
    private static int priority(Object key) {
        int hash = key.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> insert(
            @Nullable Node<K, V> node, K key, V value, int priority) {
        if (node == null) {
            return new Node<>(key, value, priority, null, null);
        }
        int order = key.compareTo(node.key());
        if (order == 0) {
            return new Node<>(key, value, priority, node.left(), node.right());
        }
        if (order < 0) {
            Node<K, V> left = insert(node.left(), key, value, priority);
            return left.priority() > node.priority()
                    ? left.withRight(node.withLeft(left.right()))
                    : node.withLeft(left);
        }
        Node<K, V> right = insert(node.right(), key, value, priority);
        return right.priority() > node.priority()
                ? right.withLeft(node.withRight(right.left()))
                : node.withRight(right);
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key());
        if (order == 0) {
            return join(node.left(), node.right());
        }
        return order < 0 ? node.withLeft(remove(node.left(), key)) : node.withRight(remove(node.right(), key));
    }

    private static <K, V> @Nullable Node<K, V> join(@Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        return left.priority() > right.priority()
                ? left.withRight(join(left.right(), right))
                : right.withLeft(join(left, right.left()));
    }
}
