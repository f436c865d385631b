declare module "virtual:bundles" {
  const texts: Record<string, string>;
  export default texts;
}
