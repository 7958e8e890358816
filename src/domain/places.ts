/** SQL for the name of the area that stands in a column: a region, an eks-karesidenan, or the province. */
export function placeName(column: string): string {
  return `coalesce((SELECT r.kind || ' ' || r.name FROM region r WHERE r.code = ${column}),
    (SELECT 'eks-karesidenan ' || y.name FROM residency y WHERE 'residency/' || y.id = ${column}), 'Provinsi Jawa Tengah')`;
}
