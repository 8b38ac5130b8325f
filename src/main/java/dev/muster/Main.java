package dev.muster;

final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(args.length);
    }
}
